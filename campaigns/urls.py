from django.urls import URLPattern, URLResolver, include, path

from campaigns.chains import views as chains
from campaigns.dashboard import rankings, store_figures
from campaigns.dashboard import views as dashboard
from campaigns.engagement import views as engagement
from campaigns.letter import views as letter
from campaigns.links import consent, redirect
from campaigns.links import views as links
from campaigns.path import offer_views, typed_views
from campaigns.path import views as path_views
from campaigns.planning import preview, state_views, views
from campaigns.reasons import views as reasons
from campaigns.rows import views as rows
from campaigns.shop_page import picture_urls
from campaigns.shop_page import views as shop_page
from giftshop.http.uploads import without_token_yet

of_campaign: list[URLPattern | URLResolver] = [
    path("", views.campaign, name="campaign"),
    path("edit/", views.edit_campaign, name="edit_campaign"),
    path("preview/", preview.campaign_preview, name="campaign_preview"),
    path("release/", state_views.release, name="campaign_release"),
    path("pause/", state_views.pause, name="campaign_pause"),
    path("resumption/", state_views.resumption, name="campaign_resumption"),
    path("copy/", state_views.copied, name="campaign_copy"),
    path("archival/", state_views.archival, name="campaign_archival"),
    path("return/", state_views.return_, name="campaign_return"),
    path("links/", links.new_link, name="new_link"),
    path("picture/", include(picture_urls.pages)),
    path("path/", path_views.campaign_path, name="campaign_path"),
    path(
        "path/links.csv", path_views.campaign_path_file, {"kind": "csv"}, name="campaign_path_csv"
    ),
    path(
        "path/links.xlsx",
        path_views.campaign_path_file,
        {"kind": "xlsx"},
        name="campaign_path_xlsx",
    ),
    path("path/sums/", path_views.campaign_sums, name="campaign_sums"),
    path("typed/", typed_views.typed_of_campaign, name="typed_of_campaign"),
]

of_brand: list[URLPattern | URLResolver] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("figures/", rows.definitions, name="definitions"),
    path("figures/<slug:name>/", rows.figure, name="figure"),
    path("figures/<slug:name>/rows.csv", rows.figure_file, {"kind": "csv"}, name="figure_csv"),
    path("figures/<slug:name>/rows.xlsx", rows.figure_file, {"kind": "xlsx"}, name="figure_xlsx"),
    path("facts/<int:fact_id>/", rows.fact, name="fact"),
    path("by-store/", rankings.stores, name="store_ranking"),
    path("by-store/stores.<str:kind>", rankings.stores_file, name="store_ranking_file"),
    path("by-link/", rankings.links, name="link_ranking"),
    path("by-link/links.<str:kind>", rankings.links_file, name="link_ranking_file"),
    path("by-treat/", rankings.treats, name="treat_ranking"),
    path("by-treat/treats.<str:kind>", rankings.treats_file, name="treat_ranking_file"),
    path("chains/", chains.chains, name="chains"),
    path("chains/<slug:kind>/<slug:key>/", chains.chain_rows, name="chain_rows"),
    path("engagement/", engagement.engagement, name="engagement"),
    path("engagement/<slug:name>/", engagement.acts, name="engagement_acts"),
    path("stores/<slug:slug>/figures/", store_figures.store_figures, name="store_figures"),
    path("reasons/", reasons.gap, name="reasons_gap"),
    path("letter/", letter.monday_letter, name="monday_letter"),
    path("reasons/reasons.<str:kind>", reasons.gap_file, name="reasons_gap_file"),
    path("offers/<uuid:offer_id>/path/", offer_views.offer_path, name="studio_offer_path"),
    path("treat-costs/", typed_views.treat_costs, name="treat_costs"),
    path("campaigns/", views.campaign_list, name="campaigns"),
    path("campaigns/new/", views.new_campaign, name="new_campaign"),
    path("campaigns/new/preview/", preview.campaign_preview, name="campaign_draft_preview"),
    path("campaigns/<slug:slug>/", include(of_campaign)),
    path("links/<slug:slug>/", links.link, name="link"),
    path("links/<slug:slug>/typed/", typed_views.typed_of_link, name="typed_of_link"),
    path("links/<slug:slug>/change/", links.change_link, name="change_link"),
    path("links/<slug:slug>/campaign/", links.move_link, name="move_link"),
    path("links/<slug:slug>/retirement/", links.retirement, name="link_retirement"),
    path("links/<slug:slug>/return/", links.return_, name="link_return"),
    path("links/<slug:slug>.svg", links.link_qr, name="link_qr"),
    path("links/<slug:slug>.png", links.link_png, name="link_png"),
    path("links/<slug:slug>/poster.pdf", links.link_poster, name="link_poster"),
    path("links/<slug:slug>/cards.pdf", links.link_cards, name="link_cards"),
]

urlpatterns = [
    path("shop/<slug:brand_slug>/c/<slug:slug>/", shop_page.campaign_page, name="campaign_page"),
    path("uploads/<slug:brand_slug>/campaigns/", include(picture_urls.uploads)),
    path(
        "uploads/<slug:brand_slug>/campaigns/<slug:slug>/likes/",
        without_token_yet(picture_urls.takes(picture_urls.may(typed_views.typed_upload))),
        name="typed_upload",
    ),
    path("shop/<slug:brand_slug>/visitor/", consent.visitor_consent, name="visitor_consent"),
    path("l/<slug:slug>/", redirect.follow, name="follow"),
    path("letters/<str:signed>/", letter.letter_switch, name="letter_switch"),
    path("studio/<slug:brand_slug>/", include(of_brand)),
]
