"""SVC902."""

from __future__ import annotations

from svclint.rules.api import Rule, RuleMeta, Severity


class SuppressionWithoutReason(Rule):
    """
    Suppression comment that does not say why.

    ## Why is this bad?
    The next reader can't tell whether the finding was wrong, or only in the way. The rule is on where `require-reason =
    true` is set.

    ## Bad
    ```toml
    require-reason = true
    ```

    ```py
    def load(store, key):
        try:
            return store.read(key)
        except OSError:
            raise LookupError(key)  # svclint: allow[SVC401] # error: [SVC902] "reason"
    ```

    ## Good
    ```py
    def load(store, key):
        try:
            return store.read(key)
        except OSError:
            raise LookupError(key)  # svclint: allow[SVC401] the key says it all
    ```

    ## Options
    - `require-reason`: switches the rule on.
    """

    meta = RuleMeta(
        code="SVC902", name="suppression-without-reason", severity=Severity.WARNING, since="0.1.0", tests=True
    )
