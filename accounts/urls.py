"""Addresses of accounts."""

from django.conf import settings
from django.urls import path

from accounts.views import (
    invitations,
    log,
    mine,
    notices,
    people,
    places,
    requests,
    second_factor,
    signing_in,
    single_sign_on,
    stand_ins,
    view_as,
)
from accounts.views.home import home
from accounts.views.session import session
from accounts.views.sign_in import sign_in, sign_out
from accounts.views.typed import typed

urlpatterns = [
    path("", home, name="home"),
    path("sign-in/", sign_in, name="account_login"),
    path("sign-out/", sign_out, name="account_logout"),
    path("sign-in/code/", second_factor.code, name="mfa_authenticate"),
    path(
        "sign-in/council/",
        single_sign_on.single_sign_on,
        {"provider_id": settings.SSO_PROVIDER},
        name="openid_connect_callback",
    ),
    path("sign-in/again/", second_factor.again, name="account_reauthenticate"),
    path("sign-in/typed/", typed, name="typed"),
    path("session/", session, name="session"),
    path("reset/", invitations.reset, name="reset"),
    path("invitation/<str:invitation>/", invitations.invitation, name="invitation"),
    path("log/", log.log, name="log"),
    path("log/check/", log.log_check, name="log_check"),
    path("log/access-review/", log.review, name="access_review"),
    path("ask/", requests.ask, name="ask"),
    path("notices/<int:notice_id>/", notices.notice, name="notice"),
    path("mail/", notices.mail, name="mail"),
    path("mine/", mine.mine, name="mine"),
    path("mine/calendar/", mine.mine_calendar, name="mine_calendar"),
    path("mine/calendar/end/", mine.mine_calendar_end, name="mine_calendar_end"),
    path("mine/mail/", mine.mine_mail, name="mine_mail"),
    path("mine/signing-in/", signing_in.signing_in, name="signing_in"),
    path("mine/signing-in/end/", signing_in.sessions_end, name="sessions_end"),
    path("mine/second-factor/", second_factor.second_factor, name="mfa_activate_totp"),
    path("mine/second-factor/end/", second_factor.second_factor_end, name="mfa_deactivate_totp"),
    path("mine/recovery-codes/", second_factor.recovery_codes, name="mfa_view_recovery_codes"),
    path("mine/recovery-codes/new/", second_factor.recovery_codes_new, name="mfa_generate_recovery_codes"),
    path("mail/end/<str:reader>/", mine.mail_end, name="mail_end"),
    path("people/", people.people_list, name="people_list"),
    path("people/add/", people.people_add, name="people_add"),
    path("people/paste/", people.people_paste, name="people_paste"),
    path("people/<int:person_id>/", people.person, name="person"),
    path("people/<int:person_id>/name/", people.person_name, name="person_name"),
    path("people/<int:person_id>/leaves/", people.person_leaves, name="person_leaves"),
    path("people/<int:person_id>/invite/", people.person_invite, name="person_invite"),
    path(
        "people/<int:person_id>/second-factor/",
        second_factor.person_second_factor,
        name="person_second_factor",
    ),
    path(
        "people/<int:person_id>/council-account/",
        single_sign_on.person_council_account,
        name="person_council_account",
    ),
    path("people/<int:person_id>/stand-in/", people.stand_in_approval, name="stand_in_approval"),
    path("people/<int:person_id>/view-as/", view_as.view_as, name="view_as"),
    path("people/<int:person_id>/access/<int:membership_id>/", people.membership, name="membership"),
    path("view-as/end/", view_as.view_as_end, name="view_as_end"),
    path("places/", places.places, name="places"),
    path("places/localities/<int:locality_id>/", places.locality, name="locality"),
    path("places/teams/<int:team_id>/", places.team, name="place_team"),
    path("places/teams/<int:team_id>/who-sees/", places.who_sees_team, name="who_sees"),
    path("requests/", requests.requests, name="access_requests"),
    path("requests/<int:request_id>/", requests.answer_request, name="answer_request"),
    path("requests/by-link/<str:link>/", requests.request_by_link, name="request_by_link"),
    path("teams/<int:team_id>/stand-in/", stand_ins.stand_in, name="stand_in"),
]
