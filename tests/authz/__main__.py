"""`python -m tests.authz [ROUTE …]`: write the missing rows with what is seen, drop dead ones; then review the diff.

With ROUTEs (or their beginnings) their rows are asked again even if they are there; nothing else is asked then.
"""

import os
import sys

import pytest

if __name__ == "__main__":
    os.environ["SPINDEL_AUTHZ_OBSERVE"] = " ".join(sys.argv[1:])
    sys.exit(pytest.main(["tests/authz/test_matrix.py", "-n", "0", "-q", "--no-header"]))
