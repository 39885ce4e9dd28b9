"""Everything that the plugin keeps in files: read and written here, decided about in core."""
