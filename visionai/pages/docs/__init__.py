"""The developer home at /docs: guides written in Markdown, rendered here, and served as Markdown too."""
