"""What a sheet is and what its columns hold: headings over several rows, blocks, what a person chose before."""
