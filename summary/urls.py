"""Addresses of summary."""

from django.urls import path

from summary.views import cases, check_in, closures, difficulties, figures, since, summaries

urlpatterns = [
    path("teams/<int:team_id>/summary/", summaries.team_summary, name="team_summary"),
    path("teams/<int:team_id>/cases/", cases.team_cases, name="team_cases"),
    path("teams/<int:team_id>/closures/", closures.team_closures, name="team_closures"),
    path("localities/<int:locality_id>/closures/", closures.locality_closures, name="locality_closures"),
    path("closures/", closures.council_closures, name="council_closures"),
    path("rows/<int:row_id>/expected-month/", closures.expected_month, name="expected_month"),
    path("teams/<int:team_id>/since/", since.team_since, name="team_since"),
    path("localities/<int:locality_id>/since/", since.locality_since, name="locality_since"),
    path(
        "localities/<int:locality_id>/difficulties/",
        difficulties.locality_difficulties,
        name="locality_difficulties",
    ),
    path("difficulties/", difficulties.council_difficulties, name="council_difficulties"),
    path("localities/<int:locality_id>/check-in/", check_in.page, name="check_in"),
    path("localities/<int:locality_id>/check-in/keep/", check_in.keep, name="keep_check_in"),
    path("localities/<int:locality_id>/check-ins/<int:check_in_id>/", check_in.kept, name="kept_check_in"),
    path("localities/<int:locality_id>/summary/", summaries.locality_summary, name="locality_summary"),
    path("localities/<int:locality_id>/cases/", cases.locality_cases, name="locality_cases"),
    path("summary/", summaries.council_summary, name="council_summary"),
    path("power-bi/", figures.power_bi, name="power_bi"),
    path("power-bi/<int:key_id>/end/", figures.power_bi_end, name="power_bi_end"),
    path("figures/<str:figures_key>.csv", figures.figures_csv, name="figures_csv"),
    path("figures/<str:figures_key>.json", figures.figures_json, name="figures_json"),
    path("cases/", cases.council_cases, name="council_cases"),
]
