"""Addresses of summary."""

from django.urls import path

from summary import views

urlpatterns = [
    path("teams/<int:team_id>/summary/", views.team_summary, name="team_summary"),
    path("localities/<int:locality_id>/summary/", views.locality_summary, name="locality_summary"),
    path("localities/<int:locality_id>/cases/", views.locality_cases, name="locality_cases"),
    path("summary/", views.council_summary, name="council_summary"),
    path("cases/", views.council_cases, name="council_cases"),
]
