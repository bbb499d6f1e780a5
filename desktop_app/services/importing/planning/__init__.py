"""What an import would do: who is known, what differs, what must be asked; reads the register, writes nothing."""
