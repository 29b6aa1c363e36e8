{
    "name": "CAP Network Report",
    "summary": "What the network's CAPs say together: report, workbook, positions",
    "version": "19.0.2.0.0",
    "category": "Services/CAP",
    "author": "COORACE CAP contributors",
    "website": "https://coorace.org",
    "license": "AGPL-3",
    "depends": ["cap_progress_plan"],
    "external_dependencies": {"python": ["openupgradelib", "XlsxWriter"]},
    "data": [
        "security/ir.model.access.csv",
        "security/cap_network_rules.xml",
        "wizards/cap_network_workbook_views.xml",
        "report/cap_network_line_views.xml",
        "report/cap_network_action_views.xml",
        "views/cap_network_menus.xml",
        "views/portal/position.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "cap_network_report/static/src/scss/position.scss",
        ],
        "web.assets_tests": [
            "cap_network_report/static/tests/tours/**/*",
        ],
    },
    "application": True,
}
