from django.urls import URLPattern, URLResolver, include, path

from campaigns.views import behind, campaigns, dashboard, following, links

of_campaign: list[URLPattern | URLResolver] = [
    path("", campaigns.campaign, name="campaign"),
    path("edit/", campaigns.edit_campaign, name="edit_campaign"),
    path("archival/", campaigns.archival, name="campaign_archival"),
    path("return/", campaigns.return_, name="campaign_return"),
    path("links/", links.new_link, name="new_link"),
]

of_brand: list[URLPattern | URLResolver] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("figures/<slug:name>/", behind.figure, name="figure"),
    path("campaigns/", campaigns.campaign_list, name="campaigns"),
    path("campaigns/new/", campaigns.new_campaign, name="new_campaign"),
    path("campaigns/<slug:slug>/", include(of_campaign)),
    path("links/<slug:slug>.svg", links.link_qr, name="link_qr"),
]

urlpatterns = [
    path("l/<slug:slug>/", following.follow, name="follow"),
    path("studio/<slug:brand_slug>/", include(of_brand)),
]
