"""Sections of the brand, under /studio/<brand>/brand/."""

from django.urls import path

from giftshop.studio.brand.views import SECTIONS, page_of

urlpatterns = [path(section.address, page_of(section), name=section.route) for section in SECTIONS]
