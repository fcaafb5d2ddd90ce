"""`python -m tests.authz [ROUTE]`: write the missing rows with what is seen, drop dead ones; then review the diff.

With a ROUTE (or its beginning) its rows are asked again even if they are there.
"""

import os
import sys

import pytest

if __name__ == "__main__":
    os.environ["SPINDEL_AUTHZ_OBSERVE"] = sys.argv[1] if len(sys.argv) > 1 else ""
    sys.exit(pytest.main(["tests/authz/test_matrix.py", "-n", "0", "-q", "--no-header"]))
