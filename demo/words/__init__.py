"""What the menus say in German and in Spanish."""
