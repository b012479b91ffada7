"""Run the snippets of Please Stop honestly, compare, and embed what they printed."""
