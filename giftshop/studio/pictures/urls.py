"""Pictures in the studio: of a treat, for whoever changes the menu, of news, and the brand's own."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from giftshop.accounts.access import member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.http.uploads import without_token_yet
from giftshop.studio.pictures import views


def _pages(kind: str, route: str, permission: Permission) -> list[URLPattern]:
    may, name = member_of_brand(permission), f"studio_{kind}_picture"
    return [
        path(route, require_safe(may(views.page)), name=name),
        path(f"{route}focus/", require_POST(may(views.focus)), name=f"{name}_focus"),
        path(f"{route}removal/", require_POST(may(views.removal)), name=f"{name}_removal"),
    ]


def _uploads(kind: str, route: str, what: str, permission: Permission) -> list[URLPattern]:
    """What the proxy asks before it listens, and what then takes the body."""
    may, methods = member_of_brand(permission), require_http_methods(["GET", "HEAD", "POST"])
    takes = without_token_yet(methods(may(views.uploaded)))
    return [
        path(route, require_safe(may(views.permit)), name=f"{kind}_picture_permit"),
        path(f"{route}{what}/", takes, name=f"{kind}_picture_upload"),
    ]


urlpatterns = [
    *_pages("treat", "menu/<slug:slug>/picture/", Permission.CHANGE_MENU),
    *_pages("news", "news/<uuid:news_id>/picture/", Permission.WRITE_NEWS),
    *_pages("brand", "brand/pictures/<slug:purpose>/", Permission.CHANGE_BRAND),
]

uploads = [
    *_uploads("treat", "menu/", "<slug:slug>", Permission.CHANGE_MENU),
    *_uploads("news", "news/", "<uuid:news_id>", Permission.WRITE_NEWS),
    *_uploads("brand", "brand/", "<slug:purpose>", Permission.CHANGE_BRAND),
]
"""Under /uploads/<brand>/: where large bodies are let in."""
