"""The engine of Please Stop: run programs, watch them, offer recipes, show all of it on a site."""
