"""Odoo's own checks of its modules (test_lint), held to ours.

They look for what reviewers forget: a One2many without an index, an override whose
signature differs, a test that no file imports, SQL built from text, a domain returned
by an onchange. Its run of pylint is left to `make lint`, which holds the same rules:
it reads Odoo's own code for minutes.
"""

from pathlib import Path

import pytest

from odoo.modules import Manifest

from odoo.addons.test_lint.tests.test_docstring import TestDocstring  # noqa: F401
from odoo.addons.test_lint.tests.test_dunderinit import TestDunderinit  # noqa: F401
from odoo.addons.test_lint.tests.test_index import TestIndex  # noqa: F401
from odoo.addons.test_lint.tests.test_jstranslate import (  # noqa: F401
    TestJsTranslations,
)
from odoo.addons.test_lint.tests.test_manifests import ManifestLinter  # noqa: F401
from odoo.addons.test_lint.tests.test_markers import TestConflictMarkers  # noqa: F401
from odoo.addons.test_lint.tests.test_naming import TestNaming  # noqa: F401
from odoo.addons.test_lint.tests.test_onchange_domains import (  # noqa: F401
    TestOnchangeDomains,
)
from odoo.addons.test_lint.tests.test_override_signatures import (  # noqa: F401
    TestLintOverrideSignatures,
)
from odoo.addons.test_lint.tests.test_pofile import PotLinter  # noqa: F401
from odoo.addons.test_lint.tests.test_routes import RoutesLinter  # noqa: F401
from odoo.addons.test_lint.tests.test_test_holes import TestTestHoles  # noqa: F401

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def only_our_modules(monkeypatch):
    """Odoo's modules are Odoo's business."""
    names = [path.parent.name for path in ROOT.glob("cap_*/__manifest__.py")]
    manifests = [Manifest.for_addon(name) for name in names]
    monkeypatch.setattr(Manifest, "all_addon_manifests", lambda: manifests)
