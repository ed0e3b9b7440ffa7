"""Each guide of /docs, followed to the letter: its samples run in their order, in one folder, against a real server."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.support.guides import Sample, samples_of
from visionai import ROOT
from visionai.pages.docs.guides import BY_NAME
from visionai.pages.docs.rendering import KEY

from .test_readme_snippets import BIN, node

ACCOUNT = {"username": "reader", "password": "a good long one"}
CHECKED = """curl() {
  case " $* " in *" --fail "*) command curl -sS "$@";; *) command curl -sS --fail-with-body "$@"; echo;; esac
}
"""
"""A call that is answered by an error fails."""
MEANT = {"errors"}
"""Guides whose calls are to be answered by errors."""
SAID = {
    "start": 23,
    "images": 7,
    "live-stream": 2,
    "coming-from-the-first-system": 2,
}
"""How often the samples of a guide read the smile, at least."""
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"type":"session.ended","data":{"title":"\xc3\xa1"}}'


@pytest.fixture(scope="module")
def token(server_url: str) -> str:
    """What stands where a guide says YOUR_KEY: a token stands wherever a key does."""
    assert requests.post(f"{server_url}/api/v1/auth/register", json=ACCOUNT, timeout=30).status_code == 201
    answer = requests.post(f"{server_url}/api/v1/auth/login", json=ACCOUNT, timeout=30).json()
    return str(answer["access_token"])


@pytest.fixture(scope="module")
def paths(server_url: str) -> set[str]:
    """What the API of the server has."""
    return set(requests.get(f"{server_url}/api/v1/openapi.json", timeout=30).json()["paths"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder in which the packages that a guide asks for are installed."""
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    return tmp_path


def runnable(name: str, paths: set[str]) -> list[Sample]:
    samples = [sample for sample in samples_of(BY_NAME[name], "en") if sample.runs and sample.language != "sql"]
    return [sample for sample in samples if not sample.needs or sample.needs in paths]


def follow(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(BIN), str(node()), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script],
        cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "name", [name for name in BY_NAME if any(sample.runs for sample in samples_of(BY_NAME[name], "en"))]
)
def test_every_sample_of_a_guide_works_as_the_page_gives_it(
    name: str, server_url: str, token: str, paths: set[str], folder: Path
) -> None:
    script = "\n".join(sample.as_script() for sample in runnable(name, paths))
    here = script.replace("http://localhost:8000", server_url).replace("ws://localhost:8000", f"ws{server_url[4:]}")
    done = follow(("" if name in MEANT else CHECKED) + here.replace(KEY, token), folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("happy") >= SAID.get(name, 0), done.stdout


def test_a_guide_is_followed_from_its_page_alone(server_url: str, folder: Path) -> None:
    page = requests.get(f"{server_url}/docs.md", headers={"Accept-Language": "es"}, timeout=30).text
    (program,) = re.findall(r"^```python run\n(import socketio\n.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    (picture,) = re.findall(r"^```bash run\n(curl --fail -o .*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    done = follow(f"{picture}\ncat > stream.py <<'END'\n{program}END\npython stream.py", folder)
    assert done.returncode == 0, done.stderr
    assert [line.split()[:3] for line in done.stdout.splitlines()] == [
        [str(seq), "success", "happy"] for seq in range(10)
    ]


def signed(sent_at: int, secret: str = SECRET, body: bytes = BODY) -> dict[str, str]:
    """The headers of a delivery, signed as Standard Webhooks say."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = hmac.new(key, f"msg_1.{sent_at}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(bytes(32)).decode()} v1,{base64.b64encode(text).decode()}"
    return {"webhook-id": "msg_1", "webhook-timestamp": str(sent_at), "webhook-signature": signature}


PROGRAMS = {
    "verify.py": "import json, sys; from verify import verify; secret, headers, body = json.load(sys.stdin); "
    "print(verify(secret, headers, body.encode()))",
    "verify.mjs": 'import { readFileSync } from "node:fs"; import { verify } from "./verify.mjs"; '
    "const [secret, headers, body] = JSON.parse(readFileSync(0)); "
    "console.log(verify(secret, headers, Buffer.from(body)));",
}


@pytest.mark.parametrize("file", PROGRAMS)
def test_the_webhooks_guide_takes_what_is_signed_and_refuses_the_rest(file: str, folder: Path) -> None:
    (sample,) = [sample for sample in samples_of(BY_NAME["webhooks"], "en") if sample.file == file]
    (folder / file).write_text(sample.code)
    now = int(time.time())
    other = "whsec_" + base64.b64encode(b"another secret of 24 byte").decode()
    cases = {
        "as it was sent": (True, SECRET, signed(now), BODY),
        "another body": (False, SECRET, signed(now), BODY + b" "),
        "another secret": (False, other, signed(now), BODY),
        "an hour ago": (False, SECRET, signed(now - 3600), BODY),
        "another version": (False, SECRET, {**signed(now), "webhook-signature": "v2,AAAA v1,"}, BODY),
    }
    (folder / "ask.mjs").write_text(PROGRAMS["verify.mjs"])
    command = [sys.executable, "-c", PROGRAMS[file]] if file.endswith(".py") else [str(node() / "node"), "ask.mjs"]
    for case, (well, secret, headers, body) in cases.items():
        done = subprocess.run(
            command, cwd=folder, input=json.dumps([secret, headers, body.decode()]), capture_output=True, text=True
        )
        assert done.stdout.strip().lower() == str(well).lower(), case + done.stderr
