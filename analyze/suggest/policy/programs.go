package policy

import (
	"path"
	"regexp"
	"strings"
)

// rootFolders are where by convention only root, and what root installs, puts programs (hier(7), file-hierarchy(7)).
var rootFolders = []string{"/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32", "/usr/libexec", "/bin", "/sbin", "/lib", "/lib32",
	"/lib64", "/libx32", "/usr/local/bin", "/usr/local/sbin", "/usr/local/lib", "/usr/local/lib64", "/usr/local/libexec"}

// openFolders are where everybody can put a program, or see another's under a name of their own: world-writable by hier(7), other roots by
// proc_pid_root(5), what users mount by themselves by udisks(8) and fusermount(1).
var openFolders = []string{"/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/user", "/run/lock", "/var/lock", "/var/crash", "/proc", "/home", "/root", "/media",
	"/run/media", "/mnt", "/var/run/user", "/memfd:", "/dev"}

// containerFolders are where container engines keep the roots of containers. The kernel compares inodes: a rule for such a path is bound to a
// layer that the next container does not have.
var containerFolders = []string{"/var/lib/docker", "/var/lib/containers", "/var/lib/containerd", "/run/containerd", "/run/docker", "/run/podman", "/run/runc",
	"/run/crun", "/var/lib/kubelet", "/var/lib/rancher", "/var/lib/k0s", "/var/lib/microk8s", "/var/snap/microk8s", "/var/lib/lxc", "/var/lib/lxd",
	"/var/lib/incus", "/var/lib/machines", "/var/lib/flatpak", "/var/lib/snapd", "/snap", "/var/lib/schroot", "/var/lib/mock", "/run/schroot"}

// interpreters run whatever text or byte code they are given: shells (shells(5)), script languages, virtual machines, loaders, emulators. A rule
// for one is a rule for all programs in it.
var interpreters = nameSet(`sh bash rbash dash ash zsh ksh ksh93 mksh pdksh oksh yash csh tcsh fish elvish xonsh nu rc es sash busybox toybox pwsh
python* pypy* ipython jython perl* ruby* irb jruby mruby node nodejs deno bun qjs php* hhvm lua luajit luatex texlua tclsh wish expect jimsh java jshell
jrunscript javaw groovy scala kotlin kotlinc clojure mono dotnet gawk mawk nawk awk original-awk bwk sed guile racket scheme mit-scheme chicken csi gsi sbcl clisp ecl
erl erlexec escript beam elixir iex julia octave R Rscript rscript ghc ghci runghc runhaskell ocaml swipl prolog gprolog gst gforth rexx regina bc dc
libc raku tcc lli m4 make gmake cmake ninja rake ant maven mvn gradle bazel emacs gdb gdbserver lldb gjs seed cscript ld ld-* qemu-* wine* wine64 box64 box86 ansible
ansible-playbook salt-call chef-client puppet cron crond atd anacron httpd apache apache2 uwsgi gunicorn unicorn puma passenger
spring catalina sqlite3 psql mysql mariadb mongo mongosh redis-cli isql sqlplus`)

// tools are living-off-the-land programs: no interpreters, and yet anybody can make them read, write, send or run something of their own choice
// (the names are those of GTFOBins that remain, servers apart which only serve what root configured).
var tools = nameSet(`bwrap proot fakeroot parallel rclone gpg gpg2 runc crun 7z 7za R aa-exec ab ar arch-nspawn aria2c arj arp as ascii-xfr aspell asterisk at atobm apt apt-get aptitude apport-cli base32 base58
base64 basenc basez batcat bat bconsole borg bpftrace bridge bundle bundler busctl bzip2 bunzip2 c89 c99 cabal cancel capsh cargo cat cc cdist certbot chattr
check_by_ssh check_cups check_log check_memory check_raid check_ssl_cert check_statusfile chmod choom chown chroot chrt clamscan cmp cobc code codex
column comm composer cowsay cowthink cp cpan cpio cpulimit crash crontab csplit csvtool ctr cupsfilter curl cut date dd debugfs dhclient dialog
diff dig distcc dmesg dmidecode dmsetup dnf doas docker podman nerdctl crictl kubectl dos2unix dosbox dpkg dstat dvips easy_install easyrsa eb ed efax enscript env
eqn espeak ex exiftool expand facter fail2ban-client ffmpeg fgrep egrep grep file find finger firejail flock fmt fold forge fping ftp fzf g++ gcc gcloud
gcore gem genie genisoimage getent ghc gimp ginsh git gnuplot go grc gtester gzip gunzip hashcat hd head hexdump hg highlight hping3 iconv iftop install ionice
ip iptables-save iptables ispell jjs joe join journalctl jq jtag knife ksu last lastb latex ldconfig less lftp links ln loginctl logrotate logsave look lp ltrace
lwp-download lwp-request lxd lxc mail man minicom more mosh-server mount mtr multitime mutt mv mypy nano nasm nc ncat netcat ncdu ncftp needrestart neofetch
newuidmap newgidmap nft nice nl nm nmap nohup npm npx nroff nsenter ntpdate nvim vim vi view vigr vipw vimdiff rvim rview od openssl opkg
pandoc passwd paste pax pdb perf pexec pg pic pico pidstat pip pip3 pipx pkexec pkg poetry pr procmail pry psftp ptx pygmentize qpdf ranger readelf
red restic rev rlogin rlwrap rpm rpmdb rpmquery rpmverify rsync rtorrent run-mailcap run-parts runscript runuser rustc rustdoc rustup scanmem scp
screen script scrot service setarch setcap setfacl setlock setpriv setsid sftp sg shred shuf slsh smbclient snap socat socket soelim softlimit sort split
ss ssh ssh-agent ssh-copy-id ssh-keygen ssh-keyscan sshfs sshpass sshuttle sftp-server start-stop-daemon stdbuf strace strings su sudo sudoedit sudoreplay
sysctl systemctl systemd-resolve systemd-run systemd-nspawn tac tail tailscale tar bsdtar task taskset tbl tcpdump tdbtool tee telnet terraform tex tftp tic time timedatectl timeout
tmate tmux top torify torsocks touch troff ul unexpand uniq unshare unsquashfs unxz unzip update-alternatives urlget uuencode uv vagrant valgrind virsh volatility
w3m wall watch wc wg-quick wget whiptail whois wireshark tshark wish xargs xdotool xelatex pdftex pdflatex xmodmap xmore xpad xxd xz yarn yelp yum zathura
zcat zgrep zip zsoelim zstd zypper insmod modprobe kmod rmmod auditctl augenrules ausearch aureport useradd usermod userdel groupadd chpasswd chsh chfn chage
gpasswd newgrp visudo mknod mkfifo losetup swapon umount debootstrap strace-log-merge xdg-open`)

func nameSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[strings.ToLower(w)] = true
	}
	return set
}

// machinePrefix is what cross tools carry in front: x86_64-linux-gnu-gcc-12, platform-python3.6.
var machinePrefix = regexp.MustCompile(`^([a-z0-9_]+-(linux|redhat-linux|suse-linux)(-(gnu|musl)[a-z0-9]*)?-|platform-)`)

// inSet tells whether a program goes by one of the names, whatever version or variant stands behind it: python3.11, vim.basic, gcc-12. What goes on
// with a hyphen and a word is another program, but where the name in the set ends with *.
func inSet(set map[string]bool, exe string) bool {
	name := strings.ToLower(path.Base(exe))
	return variantOf(set, name) || variantOf(set, machinePrefix.ReplaceAllString(name, ""))
}

// version is what may follow a name that is still the same program's.
var version = regexp.MustCompile(`^(-?[0-9].*|\..*)$`)

func variantOf(set map[string]bool, name string) bool {
	if set[name] {
		return true
	}
	for i := 1; i <= len(name); i++ {
		if set[name[:i]+"*"] || set[name[:i]] && version.MatchString(name[i:]) {
			return true
		}
	}
	return false
}
