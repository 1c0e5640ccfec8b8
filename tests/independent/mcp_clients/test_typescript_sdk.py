"""The TypeScript SDK's clients: the first generation, and the second in every way that it can connect.

Each check is a file of its own, in the clients' language: typescript/checks.
"""

import pytest

from support.typescript import CHECKS, WAYS, run


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("check", CHECKS)
def test_typescript(address, check, way):
    run(f"checks/{check}", way, address)
