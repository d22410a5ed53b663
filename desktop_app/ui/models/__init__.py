"""Models of lists: what services answer, as rows and cells of the kit."""
