package policy

import (
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest"
)

// location is a folder or a file whose events must not hide, nor those of a folder that holds it.
type location struct {
	path string
	risk suggest.Risk
	why  string
}

// sensitive are the places. Where one lies in another, the worse counts.
var sensitive = func() []location {
	var out []location
	for _, g := range []struct {
		risk  suggest.Risk
		why   string
		paths string
	}{
		// passwd(5), shadow(5), sudoers(5), pam.conf(5), sshd_config(5), nsswitch.conf(5): who one is, and what one may
		{suggest.Forbidden, "it says who people are and what they may do", `/etc/passwd /etc/passwd- /etc/shadow /etc/shadow- /etc/group /etc/gshadow /etc/security
/etc/sudoers /etc/sudoers.d /etc/pam.d /etc/pam.conf /etc/ssh /root/.ssh /etc/nsswitch.conf /etc/krb5.conf /etc/krb5.keytab /etc/sssd /etc/polkit-1
/usr/share/polkit-1 /var/lib/sudo /var/db/sudo /run/sudo /etc/doas.conf /etc/login.defs /etc/subuid /etc/subgid /etc/securetty /etc/shells /etc/ssl/private /etc/pki/tls/private`},
		// auditd.conf(5), augenrules(8)
		{suggest.Forbidden, "it is the audit system itself", `/etc/audit /etc/audisp /var/log/audit /etc/libaudit.conf /run/auditd.pid`},
		// modprobe.d(5), depmod.d(5)
		{suggest.Forbidden, "kernel modules and what starts the kernel are there", `/lib/modules /usr/lib/modules /etc/modprobe.d /etc/modprobe.conf /etc/modules /etc/modules-load.d
/usr/lib/modules-load.d /boot /efi /etc/default/grub /etc/grub.d`},
		// crontab(5), at(1), systemd.unit(5), tmpfiles.d(5), udev(7), ld.so(8), rc.local
		{suggest.Forbidden, "what is there is run by root sooner or later", `/etc/crontab /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly
/etc/cron.allow /etc/cron.deny /etc/anacrontab /var/spool/cron /var/spool/at /var/spool/atjobs /var/spool/anacron /etc/systemd /run/systemd /usr/lib/systemd /lib/systemd
/usr/local/lib/systemd /etc/init.d /etc/rc.d /etc/rc.local /etc/inittab /etc/init /etc/tmpfiles.d /usr/lib/tmpfiles.d /run/tmpfiles.d /etc/udev /usr/lib/udev /run/udev
/etc/ld.so.preload /etc/ld.so.conf /etc/ld.so.conf.d /etc/ld.so.cache /etc/profile /etc/profile.d /etc/bash.bashrc /etc/bashrc /etc/environment /etc/binfmt.d
/etc/logrotate.d /etc/dbus-1 /usr/share/dbus-1 /etc/xdg/autostart /etc/NetworkManager /etc/network /etc/ppp /etc/acpi /etc/apt /etc/yum.repos.d /etc/dnf /etc/update-motd.d`},
		{suggest.Forbidden, "it is the root of everything", `/`},
		{suggest.High, "it holds the settings of the whole host", `/etc /usr/etc`},
		{suggest.High, "programs, libraries and units are there", `/usr /bin /sbin /lib /lib32 /lib64 /libx32`},
		{suggest.High, "homes of people are there", `/home /root`},
		{suggest.High, "everybody may write there", `/tmp /var/tmp /dev/shm /dev/mqueue /run/user /run/lock /var/lock /var/crash /var/metrics`},
		{suggest.High, "it is a spool, from which others take their work", `/var/spool /var/mail`},
		{suggest.High, "it is a web root or a folder that is served: what is put there is run or handed out",
			`/var/www /srv/www /srv/http /srv/https /srv/ftp /srv/tftp /srv/git /srv/samba /srv/nfs /var/ftp /var/lib/tftpboot /tftpboot`},
		{suggest.High, "it says what is installed on the host", `/var/lib/dpkg /var/lib/rpm /var/lib/apt /var/cache/apt /var/cache/dnf /var/cache/yum /var/lib/dnf /var/lib/yum /var/lib/pacman`},
		{suggest.High, "keys, tickets and state of the host's own services are there", `/var/lib/systemd /var/lib/sss /var/lib/polkit-1 /var/lib/krb5kdc /var/kerberos
/var/lib/samba/private /var/lib/NetworkManager /var/lib/AccountsService /var/lib/private /run/credentials /run/secrets /var/lib/cloud /var/lib/puppet /var/lib/ansible
/var/ossec /var/lib/osquery /var/lib/falcon /var/lib/aide /var/lib/tripwire /var/lib/selinux /var/lib/apparmor /var/lib/dbus
/run/faillock /var/lib/faillock /var/lib/fail2ban /var/lib/certmonger /var/lib/ipa /var/lib/pki`},
		{suggest.High, "the engine of containers is there, with a socket that is as good as root", `/run/docker.sock /run/docker /run/containerd /run/podman /run/crio /run/libvirt`},
		{suggest.Medium, "processes and the kernel are read and steered there", `/proc /sys /dev`},
		{suggest.Medium, "logs are there: their deletion would go too", `/var/log /run/log`},
		{suggest.Medium, "copies of everything may be there", `/var/backups /mnt /media /run/media`},
	} {
		for _, p := range strings.Fields(g.paths) {
			out = append(out, location{p, g.risk, g.why})
		}
	}
	for _, p := range containerFolders {
		out = append(out, location{p, suggest.Forbidden, "the roots of containers are there: the kernel's dir= ends at their mounts"})
	}
	return out
}()

// component is what a folder's own name says, wherever it lies.
type component struct {
	risk suggest.Risk
	why  string
}

// components are such names.
var components = func() map[string]component {
	out := map[string]component{}
	for _, g := range []struct {
		risk  suggest.Risk
		why   string
		names string
	}{
		{suggest.High, "is by its name served on the web", `www html htdocs httpdocs public_html public wwwroot webroot webapps cgi-bin wp-content wp-admin webdav uploads docroot`},
		{suggest.High, "is by its name where programs, libraries or extensions are loaded from", `bin sbin lib lib32 lib64 libexec libx32 plugins plugin modules extensions addons
site-packages dist-packages node_modules gems vendor scripts hooks udf`},
		{suggest.High, "is by its name where keys are kept", `private keys keyring keyrings ssl tls pki certs secrets credentials gnupg kerberos`},
		{suggest.Forbidden, "is by its name what root runs sooner or later", `cron.d crontabs cron cron.daily cron.hourly sudoers.d pam.d init.d systemd ld.so.conf.d
modprobe.d profile.d authorized_keys authorized_keys.d`},
		{suggest.Forbidden, "is by its name the root of a container", `rootfs overlay2 merged`},
	} {
		for _, name := range strings.Fields(g.names) {
			out[name] = component{g.risk, g.why}
		}
	}
	return out
}()

// homeFolders hold, one folder each, the homes of service accounts by convention (passwd(5) as Debian's base-passwd and the packages of Debian,
// Fedora and SUSE write it: /var/lib/postgresql, /var/lib/mysql, /var/cache/bind, /opt/x …).
var homeFolders = []string{"/var/lib", "/var/opt", "/var/cache", "/srv", "/opt", "/var"}
