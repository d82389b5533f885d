"""SVC900."""

from __future__ import annotations

from svclint.rules.api import Rule, RuleMeta, Severity


class FileNotAnalysed(Rule):
    """
    File that could not be read, or not be judged by every rule.

    ## Why is this bad?
    What svclint can't read it can't judge, and silence would look like clean. The message says why: a syntax error with
    its line, an encoding, a permission, a size; or which rule of svclint's own failed on it.

    ## Bad
    ```py
    def broken(:  # error: [SVC900] "invalid syntax"
        return ()
    ```

    ## Good
    ```py
    def whole():
        return ()
    ```
    """

    meta = RuleMeta(code="SVC900", name="file-not-analysed", severity=Severity.ERROR, since="0.1.0", tests=True)
