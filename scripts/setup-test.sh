#!/bin/sh
# What the browser journeys, the document tests and the tests of broken disks need beyond npm's packages. Does nothing when all of it is there.
set -eu

wanted="chromium libreoffice-writer libreoffice-calc fonts-noto-cjk poppler-utils r-cran-rsdmx strace"

missing=""
for package in $wanted; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "测试还需要这些软件包，请由管理员安装：apt-get install --no-install-recommends$missing" >&2
  echo "(missing packages; run the line above as root, or run npm test as root)" >&2
  exit 1
fi

echo "正在安装测试所需的软件包：$missing" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null
