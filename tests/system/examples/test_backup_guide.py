"""The commands of `docs/BACKUP.md`, run in their order on an installation with data."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.support.postgres import Cluster
from tests.support.servers import SECRET, environment_of, migrate
from visionai import ROOT

GUIDE = ROOT / "docs" / "BACKUP.md"
EXAMPLE = "postgresql://visionai:password@localhost/visionai"


def test_every_command_of_the_guide_works(tmp_path: Path, cluster: Cluster) -> None:
    instance = tmp_path / "instance"
    environment = environment_of(instance, FLASK_APP=str(ROOT / "visionai"), PYTHONPATH=str(ROOT))
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    migrate(instance, environment)
    subprocess.run(
        [sys.executable, "-m", "flask", "users", "create", "usuario", "--password-stdin"],
        input=b"una frase larga\n", cwd=ROOT, env=environment, check=True,
    )  # fmt: skip
    del environment["SECRET_KEY"]
    (instance / "secret_key").write_text(SECRET)
    (tmp_path / "ml_models").symlink_to(ROOT / "ml_models")
    blocks = re.findall(r"```bash\n(.*?)```", GUIDE.read_text(), flags=re.DOTALL)
    assert len(blocks) == 5
    script = "\n".join(blocks)
    assert EXAMPLE in script
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script.replace(EXAMPLE, cluster.new_database())],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "is whole" in done.stdout
    assert "usuario" in done.stdout
    assert "is active" in done.stdout


def test_every_link_to_a_heading_of_the_guide_leads_there() -> None:
    headings = re.findall(r"^## (.*)$", GUIDE.read_text(), flags=re.MULTILINE)
    anchors = {re.sub(r"[^a-z -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    for page in ("README.md", "README.es.md", "deploy/README.md"):
        linked = re.findall(r"BACKUP\.md#([\w-]+)", (ROOT / page).read_text())
        assert linked
        assert set(linked) <= anchors
