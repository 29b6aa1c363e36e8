"""What the modules cost, against what the machine can do at best: `make bench`."""
