"""Addresses of the tracker."""

from django.urls import path

from tracker.views import cells, columns, dates, grid, history, live, rows, transfer

urlpatterns = [
    path("dates/", dates.said, name="read_date"),
    path("teams/<int:team_id>/", grid.tracker, name="tracker"),
    path("teams/<int:team_id>/rows/", grid.rows, name="rows"),
    path("teams/<int:team_id>/changes/", grid.changes, name="changes"),
    path("teams/<int:team_id>/people/", live.people, name="people"),
    path("teams/<int:team_id>/presence/", live.presence, name="presence"),
    path("live/", live.live, name="live"),
    path("teams/<int:team_id>/add/", rows.add, name="add_case"),
    path("teams/<int:team_id>/closed/", history.closed, name="closed"),
    path("teams/<int:team_id>/columns/", columns.columns, name="columns"),
    path("teams/<int:team_id>/columns/<int:column_id>/", columns.column, name="column"),
    path("teams/<int:team_id>/legend/", columns.legend, name="legend"),
    path("teams/<int:team_id>/import/", transfer.import_workbook, name="import"),
    path("teams/<int:team_id>/import/<uuid:parked_id>/", transfer.import_preview, name="import_preview"),
    path("teams/<int:team_id>/imported/<uuid:op>/", transfer.import_done, name="import_done"),
    path("teams/<int:team_id>/export/", transfer.export, name="export"),
    path("rows/<int:row_id>/", rows.row_page, name="row"),
    path("rows/<int:row_id>/cell/", cells.cell, name="cell"),
    path("rows/<int:row_id>/history/", history.history, name="history"),
    path("rows/<int:row_id>/close/", rows.close, name="close"),
    path("rows/<int:row_id>/reopen/", rows.reopen, name="reopen"),
    path("rows/<int:row_id>/remove/", rows.remove, name="remove"),
    path("rows/<int:row_id>/restore/", rows.restore, name="restore"),
    path("rows/<int:row_id>/move/", rows.move, name="move"),
]
