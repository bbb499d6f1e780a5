"""Review on screen: forms accepted or returned at each stage, posted lists, objections and their answers."""
