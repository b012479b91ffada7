"""What runs in public: workflows with no more rights than they need."""

import re

import yaml

from support import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def test_every_action_is_pinned_by_its_hash() -> None:
    used = [line.strip() for path in WORKFLOWS for line in path.read_text("utf-8").splitlines() if "uses:" in line]
    assert len(used) > 10
    assert [line for line in used if not re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)] == []


def test_workflows_may_read_and_only_one_may_publish() -> None:
    for path in WORKFLOWS:
        workflow = yaml.safe_load(path.read_text("utf-8"))
        assert workflow["permissions"] == {"contents": "read"}, path.name
        writers = {name for name, job in workflow["jobs"].items() if "write" in job.get("permissions", {}).values()}
        assert writers == ({"deploy"} if path.name == "pages.yml" else set()), path.name


def test_no_address_of_the_site_is_fixed() -> None:
    for path in [*WORKFLOWS, ROOT / "mkdocs.yml", *(ROOT / "container").iterdir(), *(ROOT / "theme").iterdir()]:
        assert not re.search(r"github\.io|pages\.dev", path.read_text("utf-8")), path.name
