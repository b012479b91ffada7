"""Show snippets and recipes on a site: blocks on pages, files beside them, and what a host needs."""
