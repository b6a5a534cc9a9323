"""Two invented brands to look at, with people, menus and eight weeks of history.

`manage.py seed_demo` sets them up (`setup`) and replays their history (`history` plans it, `replay`
calls the product's own functions for each act). The rest of this package is data. No person, brand
or shop in it exists. Installed where DEMO=1 asks for it.
"""
