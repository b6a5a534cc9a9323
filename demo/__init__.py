"""Two invented brands to look at, with people, menus and eight weeks of history.

`manage.py seed_demo` sets them up (`setup`) and replays their history (`history` plans it, `replay`
acts it out), both by the product's own functions. The rest of this package is data. No person, brand
or shop in it exists. Installed where DEMO=1 asks for it.
"""
