"""Two invented brands to look at, with people, menus and eight weeks of history.

`manage.py seed_demo` founds them (`founding`) and plays their history (`history` plans it, `playing`
calls the product's own functions for each act). The rest of this package is data. No person, brand
or shop in it exists.
"""
