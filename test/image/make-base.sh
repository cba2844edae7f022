#!/usr/bin/env bash
# Makes a base image for the Dockerfile out of Debian's own packages and the Node that is installed here, for machines
# from which no image can be pulled. It stands for the slim Debian image of Node 20: no manuals, no translations, no
# package lists, a user `node` with the number 1000.
#
#   bash test/image/make-base.sh NAME [SUITE]        as root, with buildah and debootstrap; SUITE is trixie
#
# Does nothing when NAME is there already. Packages come from where this Debian has its own from.
set -euo pipefail
name=${1:?the name of the image to make}
suite=${2:-trixie}

if buildah inspect --type image "$name" >/dev/null 2>&1; then
  echo "$name is there already"
  exit 0
fi

mirror=$(find /etc/apt -maxdepth 2 '(' -name '*.list' -o -name '*.sources' ')' |
  xargs sed -n -E 's/^(URIs:|deb( \[[^]]*\])?) +([^ ]+).*/\3/p' | head -n 1)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
root=$folder/root

debootstrap --variant=minbase --include=ca-certificates,libstdc++6,libatomic1 "$suite" "$root" "$mirror" >"$folder/log" ||
  { cat "$folder/log" >&2; exit 1; }

# As the slim images do: what nobody reads in a container is left out, now and in whatever is installed later.
cat >"$root/etc/dpkg/dpkg.cfg.d/slim" <<'EXCLUDES'
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/man/*
path-exclude /usr/share/info/*
path-exclude /usr/share/locale/*
EXCLUDES
cat >"$root/etc/apt/apt.conf.d/docker-clean" <<'CLEAN'
APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true"; };
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
CLEAN
find "$root/usr/share/doc" -type f ! -name copyright -delete
rm -rf "$root"/usr/share/{man,info,locale}/* "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/*.log

npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
install -D "$(readlink -f "$(command -v node)")" "$root/usr/local/bin/node"
mkdir -p "$root/usr/local/lib/node_modules"
cp -r "$npm" "$root/usr/local/lib/node_modules/npm"
ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
chroot "$root" groupadd --gid 1000 node
chroot "$root" useradd --create-home --uid 1000 --gid 1000 node

container=$(buildah from scratch)
# As an archive: from a folder everything would come to belong to root.
tar --numeric-owner -C "$root" -cf "$root.tar" .
buildah add --quiet "$container" "$root.tar" / >/dev/null
buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin --cmd node "$container"
buildah commit --quiet --rm "$container" "$name" >/dev/null
echo "made $name of Debian $suite"
