#!/usr/bin/env bash
# What the service's continuous integration runs for a change. RELEASED is the tag that runs now.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
serde-check lock --check              # is what is declared in the lock, and the lock in the change?
serde-check --against "$RELEASED"     # does it go with what runs?
