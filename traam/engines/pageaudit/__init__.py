"""What a public page, or a document it offers, proves or lacks. It never says that a page is right."""
