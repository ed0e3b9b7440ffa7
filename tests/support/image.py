"""The image of deploy/Dockerfile, built without a Docker engine: buildah, on a Debian that mmdebstrap makes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from visionai import ROOT

TOOLS = ("buildah", "mmdebstrap", "unshare")
PACKAGES = ("python3", "python3-venv", "python-is-python3", "ca-certificates", "usr-is-merged")
"""What the base has beside Debian's smallest system: what stands in for the Python of the image's own base. The last
one, with the hook, is what keeps another out that needs all of Perl."""
MERGED = "--hook-dir=/usr/share/mmdebstrap/hooks/maybe-merged-usr"
SLIM = [MERGED, *(f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in ("doc", "info", "locale", "man"))]
"""What Debian's slim images leave out."""
BASE = "localhost/base:tests"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
# This machine's way to the registries, while the image is built: names, certificates, and where tools look for them.
MACHINE = ("/etc/hosts", "/etc/resolv.conf", "/etc/ssl/certs")


@dataclass(frozen=True)
class Image:
    """A built image: the folder that holds its files, and what it says of how to run."""

    files: Path
    config: dict[str, object]

    @property
    def size(self) -> int:
        """Bytes of all its files, as a registry counts them unpacked."""
        entries = [file.lstat() for file in self.files.rglob("*")]
        return sum({entry.st_ino: entry.st_size for entry in entries}.values())

    @property
    def environment(self) -> dict[str, str]:
        """The variables that it sets."""
        return dict(entry.split("=", 1) for entry in self.config["Env"])  # type: ignore[attr-defined]

    def run(self, state: Path, command: Sequence[str], **settings: str) -> subprocess.Popen[str]:
        """Start a command in it, as `docker run --read-only --tmpfs /tmp --cap-drop ALL --network host` would.

        `state` is the volume; the process that is returned is the command's own.
        """
        user, group = str(self.config["User"]).split(":")
        state.mkdir(mode=0o700, exist_ok=True)
        os.chown(state, int(user), int(group))
        script = (
            'set -e; root=$1; state=$2; shift 2; mount --bind "$root" "$root"; mount -o remount,bind,ro "$root"; '
            'mount --bind "$state" "$root/var/lib/visionai"; mount -t tmpfs tmpfs "$root/tmp"; '
            'mount --rbind /dev "$root/dev"; mount -t proc proc "$root/proc"; exec "$@"'
        )
        program = ["setpriv", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", *command]
        inside = ["chroot", f"--userspec={user}:{group}", "--groups=", str(self.files), "env", "-i", "-C", "/app"]
        given = {"HOME": "/var/lib/visionai", **self.environment, **settings}
        variables = [f"{name}={value}" for name, value in given.items()]
        return subprocess.Popen(
            [*UNSHARE, "sh", "-c", script, "sh", str(self.files), str(state), *inside, *variables, *program],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip


UNSHARE = ("unshare", "--mount", "--propagation=private")


def builder_or_skip(folder: Path) -> Iterator[Builder]:
    """Make what builds images in `folder` and remove all of it afterwards; skip where the machine cannot."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing or os.geteuid() != 0:
        pytest.skip(f"The image is built by root with {', '.join(TOOLS)} (apt-get install buildah mmdebstrap).")
    builder = Builder(folder)
    try:
        builder.make_base()
        yield builder
    finally:
        builder.remove()


class Builder:
    """buildah with a storage of its own, so that nothing of it is left on the machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tool = ["buildah", "--root", str(folder / "storage"), "--runroot", str(folder / "run")]

    def make_base(self) -> None:
        """Import the Debian that the image's own base stands on."""
        context = self._folder / "base"
        context.mkdir()
        os.link(_debian(self._folder), context / "base.tar")
        (context / "Dockerfile").write_text("FROM scratch\nADD base.tar /\n")
        self._do("bud", "--tag", BASE, str(context))

    def build(self, name: str, **arguments: str) -> Image:
        """Build the Dockerfile as it is, with `arguments` of the build and this machine's way to the registries."""
        tag, context = f"localhost/{name}:tests", self._folder / "context"
        if not context.exists():
            _copy_tracked_files(context)
        (self._folder / "pip.conf").write_text(f"[global]\ncert = {CERTIFICATES}\n")
        (self._folder / "npmrc").write_text(f"cafile={CERTIFICATES}\n")
        mounts = {name: name for name in MACHINE}
        mounts |= {str(self._folder / "pip.conf"): "/etc/pip.conf", str(self._folder / "npmrc"): "/root/.npmrc"}
        volumes = [f"--volume={source}:{target}:ro" for source, target in mounts.items()]
        options = ["--isolation=chroot", "--network=host", "--pull=never", "--format=docker", *volumes]
        options += [f"--build-arg={key}={value}" for key, value in {"BASE": BASE, **arguments}.items()]
        dockerfile = str(context / "deploy" / "Dockerfile")
        self._do("bud", *options, "--tag", tag, "--file", dockerfile, str(context))
        return self._laid_out(tag)

    def _laid_out(self, tag: str) -> Image:
        """Lay an image's files out in a folder."""
        container = self._do("from", "--pull-never", tag).strip()
        files = Path(self._do("mount", container).strip())
        config = json.loads(self._do("inspect", "--type", "image", tag))["Docker"]["config"]
        return Image(files, config)

    def remove(self) -> None:
        """Remove what was built; the cache of pip and npm stays, as the machine's own would."""
        self._do("rm", "--all")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _do(self, *words: str) -> str:
        done = subprocess.run([*self._tool, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"buildah {words[0]}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout


def _copy_tracked_files(context: Path) -> None:
    """Copy what a clean checkout holds, uncommitted changes too; .dockerignore decides what of it goes in."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (context / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, context / name)


def _debian(folder: Path) -> Path:
    """Return a tar of Debian 12 with Python, made anew when its packages have other versions than the last time."""
    known = subprocess.run(["apt-cache", "policy", "libc6", *PACKAGES], capture_output=True, text=True, check=True)
    key = hashlib.sha256(f"{known.stdout}{SLIM}".encode()).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "visionai"
    kept = cache / f"debian-{key}.tar"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        made = folder / "debian.tar"
        options = ["--variant=minbase", f"--include={','.join(PACKAGES)}", *SLIM]
        done = subprocess.run(["mmdebstrap", *options, "bookworm", str(made)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-4000:]
        assert tarfile.is_tarfile(made)
        shutil.copy(made, kept.with_suffix(".part"))
        kept.with_suffix(".part").rename(kept)
    shutil.copy(kept, folder / "cached.tar")
    return folder / "cached.tar"
