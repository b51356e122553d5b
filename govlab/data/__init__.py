"""Finding shipped files and workspaces, reading datasets, checking them against their descriptors."""
