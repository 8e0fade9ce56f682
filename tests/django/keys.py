"""Names in a gunicorn configuration that gunicorn does not know: it passes over them without a word."""

import runpy
import sys
import types

from gunicorn.config import KNOWN_SETTINGS

said = runpy.run_path(sys.argv[1])
names = {
    name
    for name, value in said.items()
    if not name.startswith("__") and not isinstance(value, types.ModuleType)
}
unknown = names - {setting.name for setting in KNOWN_SETTINGS}
if unknown:
    sys.exit(f"gunicorn knows nothing of {', '.join(sorted(unknown))}")
if not names:
    sys.exit("nothing is configured")
