"""The commands of the command line, a module each; each has a click command named `command`."""
