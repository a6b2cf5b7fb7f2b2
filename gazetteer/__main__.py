"""`python -m gazetteer`: the command line."""

import sys

from gazetteer.cli import main

sys.exit(main())
