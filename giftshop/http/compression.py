"""Which pages the proxy may compress: one rule, and deploy/Caddyfile holds the same.

The size of a compressed page tells whoever watches the line how much of it repeats. Where a page holds a
secret and words that somebody else chose, such a person can choose them until they match (the BREACH
attack). Those pages go out as they are, and no other repeats the query of its address. A form's CSRF
token is masked anew each time and no such secret.
"""

COMPRESSED_PATHS = (
    r"^/($|shop/|theme/|api/v1/(docs|schema)/$"
    r"|studio/($|[^/]+/($|figures/|campaigns/[^/]+/|stores/[^/]+/|menu/|brand/($|(contact|home|mail|pages|look)/$)|rules/$)))"
)
"""A regular expression in what Python and Go have in common. New paths are not compressed until they
are named here. Static files are compressed when they are collected."""

AS_THEY_ARE = {
    "api/v1/": "says a code back to the program that asked for it",
    "till/": "shows a gift beside the code that somebody wrote, a PIN, or a pairing",
    "payments/return/": "is asked for with Stripe's session and leads to an order's secret link",
    "pictures/": "are pictures, which are compressed",
    "share/": "are pictures, which are compressed",
    "uploads/": "leads on, or says back what was typed",
    "webhooks/": "answers a provider in a word",
    "stores/": "says back what was looked for",
    "orders/": "shows recipients' words beside the links of their gifts",
    "gift/": "shows the sender's words beside a code",
    "present/": "shows a code, whose address is its key",
    "mail/stop/": "holds a signed address",
    "letters/": "holds a signed link",
    "your-data/": "shows names, addresses and words beside the links that are their key",
    "invitations/": "holds the secret of an invitation",
    "open/": "shows an address that was typed",
    "operator/": "shows addresses beside what was searched",
    "account/": "shows addresses beside what was typed",
    "accounts/": "says back where to go next, and who wanted to sign in",
    "studio/<slug:brand_slug>/audit/": "shows what was searched beside the ends of codes",
    "studio/<slug:brand_slug>/requests/": "shows staff's words beside the ends of codes",
    "studio/<slug:brand_slug>/staff/": "shows a new PIN once, beside what was searched",
    "studio/<slug:brand_slug>/money/": "shows what was searched and written beside the ends of codes",
    "studio/<slug:brand_slug>/campaigns/$": "says back what was searched, beside who is signed in",
    "studio/<slug:brand_slug>/stores/$": "says back what was searched, beside who is signed in",
    "studio/<slug:brand_slug>/news/": "is not worth it, beside who is signed in",
    "studio/<slug:brand_slug>/questions/": "shows what strangers wrote beside who is signed in",
    "studio/<slug:brand_slug>/reviews/": "shows what recipients wrote beside who is signed in",
    "studio/<slug:brand_slug>/brand/pictures/": "leads on, or is small",
    "studio/<slug:brand_slug>/brand/preview/": "says back what was typed",
    "studio/<slug:brand_slug>/team/": "shows addresses beside what was typed",
    "studio/<slug:brand_slug>/devices/": "shows a link that pairs a device",
    "studio/<slug:brand_slug>/by-store/": "says back what was searched",
    "studio/<slug:brand_slug>/by-link/": "says back what was searched",
    "studio/<slug:brand_slug>/by-treat/": "says back what was searched",
    "studio/<slug:brand_slug>/links/": "is a picture that a link chose, and small",
    "studio/<slug:brand_slug>/reasons/": "is not worth it, beside who is signed in",
    "studio/<slug:brand_slug>/letter/": "leads on",
    "studio/<slug:brand_slug>/offers/": "is not worth it, beside who is signed in",
    "studio/<slug:brand_slug>/facts/": "is not worth it, beside who is signed in",
    "studio/<slug:brand_slug>/chains/": "is not worth it, beside who is signed in",
    "studio/<slug:brand_slug>/engagement/": "is not worth it, beside who is signed in",
    "studio/<slug:brand_slug>/treat-costs/": "is not worth it, beside who is signed in",
    "studio/<slug:brand_slug>/opening/": "is not worth it, beside who is signed in",
    "studio/<slug:brand_slug>/payments-trial/": "is small",
    "l/": "leads on and has no words",
    "o/": "is small",
    "offer/": "shows a code beside words of the brand",
    "c/": "holds a signed address",
    "language/": "leads back and has no words",
    "healthz": "is a word",
    "readyz": "is a word",
    "status": "is asked for with a token",
}
"""Why, by what a route begins with, or all of it up to $."""
