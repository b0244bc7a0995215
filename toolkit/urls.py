"""Addresses of toolkit, the help pages among them."""

from django.urls import path

from toolkit.views.help import accessibility, help_page
from toolkit.views.ideas import toolkit, toolkit_for_need, toolkit_in_meeting

urlpatterns = [
    path("teams/<int:team_id>/toolkit/", toolkit, name="toolkit"),
    path("toolkit/needs/<int:need_id>/", toolkit_for_need, name="toolkit_for_need"),
    path("toolkit/meeting/", toolkit_in_meeting, name="toolkit_in_meeting"),
    path("help/", help_page, name="help"),
    path("accessibility/", accessibility, name="accessibility"),
]
