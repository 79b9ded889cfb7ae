"""Short reports written for this project, so that the first command has something to read."""
