"""Review of a round's forms: hamlet, branch, commune; posted lists and objections; the papers of each."""
