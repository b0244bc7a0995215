"""Addresses of toolkit, the help pages among them."""

from django.urls import path

from toolkit.views.editing import idea, new_idea, toolkit_editing
from toolkit.views.help import accessibility, from_the_workbook, help_page
from toolkit.views.ideas import toolkit, toolkit_for_need, toolkit_in_meeting

urlpatterns = [
    path("teams/<int:team_id>/toolkit/", toolkit, name="toolkit"),
    path("toolkit/", toolkit_editing, name="toolkit_editing"),
    path("toolkit/ideas/new/", new_idea, name="new_idea"),
    path("toolkit/ideas/<int:idea_id>/", idea, name="idea"),
    path("toolkit/needs/<int:need_id>/", toolkit_for_need, name="toolkit_for_need"),
    path("toolkit/meeting/", toolkit_in_meeting, name="toolkit_in_meeting"),
    path("help/", help_page, name="help"),
    path("help/from-the-workbook/<str:role>/", from_the_workbook, name="from_the_workbook"),
    path("accessibility/", accessibility, name="accessibility"),
]
