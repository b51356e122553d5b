"""Reports from a parent that has everything loaded and forks a process for each of them."""
