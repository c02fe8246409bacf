//! What a job does when it ends.

use crate::emulator::names::*;

use super::State;
use super::jobs::Change;
use super::store::Resource;
use super::words::{Status, Transition};

impl State {
    /// Carries out a change. What it names may be gone by then, or never have been (a snapshot is only
    /// text): then it does nothing.
    pub fn carry_out(&mut self, change: Change, now_ms: i64) {
        self.rest(&change, now_ms);
        match change {
            Change::Settle { id, status } => match status {
                Status::Terminated => {
                    self.release_instance(&id, now_ms);
                    self.bin(&id, status, now_ms);
                }
                Status::Ceased => {
                    self.release_instance(&id, now_ms);
                    self.cease(&id, now_ms);
                }
                Status::Deleted | Status::Released => {
                    self.dissociate_eip(&id, now_ms);
                    self.release_router(&id, now_ms);
                    self.router_statics.retain(|item| item.router != id);
                    self.router_entries.retain(|entry| entry.router != id);
                    self.bin(&id, status, now_ms);
                }
                _ => {
                    if let Some(head) = self.head_mut(&id) {
                        head.settle(status, now_ms);
                    }
                }
            },
            Change::Rest { .. } => {}
            Change::Attach { volume, instance } => {
                if let (Some(disk), Some(host)) = (
                    self.volumes.get_mut(&volume),
                    self.instances.get_mut(&instance),
                ) {
                    disk.head.settle(Status::InUse, now_ms);
                    disk.instance.clone_from(&instance);
                    host.volumes.push(volume);
                }
            }
            Change::Detach { volume } => self.detach_volume(&volume, now_ms),
            Change::Associate { eip, resource } => self.associate_eip(eip, resource, now_ms),
            Change::Dissociate { eip } => self.dissociate_eip(&eip, now_ms),
            Change::JoinVxnet { vxnet, instance } => self.join_vxnet(&vxnet, &instance),
            Change::LeaveVxnet { vxnet, instance } => {
                if let Some(host) = self.instances.get_mut(&instance) {
                    host.nics.retain(|nic| nic.vxnet != vxnet);
                }
            }
            Change::JoinRouter {
                vxnet,
                router,
                ip_network,
            } => {
                if let Some(network) = self.vxnets.get_mut(&vxnet) {
                    network.router = router;
                    network.ip_network = ip_network;
                    network.joined_ms = now_ms;
                }
            }
            Change::LeaveRouter { vxnet } => {
                if let Some(network) = self.vxnets.get_mut(&vxnet) {
                    network.router.clear();
                    network.ip_network.clear();
                }
            }
            Change::Resize {
                instance,
                size,
                os_disk_size,
            } => {
                if let Some(host) = self.instances.get_mut(&instance) {
                    host.size = size.unwrap_or_else(|| host.size.clone());
                    host.os_disk_size = os_disk_size.unwrap_or(host.os_disk_size);
                }
            }
            Change::Reset {
                instance,
                key_pairs,
            } => {
                if let Some(host) = self.instances.get_mut(&instance) {
                    host.key_pairs = key_pairs;
                }
            }
            Change::Grow { volume, size } => {
                if let Some(disk) = self.volumes.get_mut(&volume) {
                    disk.size = size;
                }
            }
            Change::SetBandwidth { eip, bandwidth } => {
                if let Some(address) = self.eips.get_mut(&eip) {
                    address.bandwidth = bandwidth;
                }
            }
            Change::SetBillingMode { eip, mode } => {
                if let Some(address) = self.eips.get_mut(&eip) {
                    address.billing_mode = mode;
                }
            }
            Change::AttachKeyPair { keypair, instance } => {
                if let Some(host) = self.instances.get_mut(&instance)
                    && self.key_pairs.get(&keypair).is_some()
                    && !host.key_pairs.contains(&keypair)
                {
                    host.key_pairs.push(keypair);
                }
            }
            Change::DetachKeyPair { keypair, instance } => {
                if let Some(host) = self.instances.get_mut(&instance) {
                    host.key_pairs.retain(|held| *held != keypair);
                }
            }
            Change::ApplySecurityGroup { group, instances } => {
                for id in instances {
                    if let Some(host) = self.instances.get_mut(&id) {
                        host.security_group.clone_from(&group);
                    }
                }
                if let Some(group) = self.security_groups.get_mut(&group) {
                    group.is_applied = true;
                }
            }
            Change::ApplyRouter { router, revision } => {
                if let Some(router) = self.routers.get_mut(&router) {
                    router.applied_revision = revision;
                }
            }
            Change::DeleteAccessKey { id } => {
                if !self.deleted_keys.contains(&id) {
                    self.deleted_keys.push(id);
                }
            }
        }
    }

    /// Ends the transition of a change whose job failed. The status stays what it was, but what was
    /// being made comes to nothing.
    pub fn undo(&mut self, change: &Change, now_ms: i64) {
        let Some(id) = change.subject() else { return };
        let Some(head) = self.head_mut(id) else {
            return;
        };
        head.transition = Transition::None;
        if head.status == Status::Pending {
            self.release_instance(id, now_ms);
            self.cease(id, now_ms);
        }
    }

    fn rest(&mut self, change: &Change, now_ms: i64) {
        let Some(id) = change.subject() else { return };
        if let Some(head) = self.head_mut(id)
            && head.transition != Transition::None
        {
            head.transition = Transition::None;
            head.status_ms = now_ms;
        }
    }

    /// Frees what an instance that ends was holding.
    fn release_instance(&mut self, id: &str, now_ms: i64) {
        let Some(host) = self.instances.get_mut(id) else {
            return;
        };
        host.nics.clear();
        host.key_pairs.clear();
        host.security_group.clear();
        let (volumes, eip) = (
            std::mem::take(&mut host.volumes),
            std::mem::take(&mut host.eip),
        );
        for volume in volumes {
            self.detach_volume(&volume, now_ms);
        }
        self.dissociate_eip(&eip, now_ms);
    }

    /// Frees the address of a router that ends.
    fn release_router(&mut self, id: &str, now_ms: i64) {
        let Some(router) = self.routers.get_mut(id) else {
            return;
        };
        router.wanted_eip.clear();
        let eip = std::mem::take(&mut router.eip);
        self.dissociate_eip(&eip, now_ms);
    }

    fn detach_volume(&mut self, id: &str, now_ms: i64) {
        let Some(disk) = self.volumes.get_mut(id) else {
            return;
        };
        if !disk.head().status.is_gone() {
            disk.head.settle(Status::Available, now_ms);
        }
        let instance = std::mem::take(&mut disk.instance);
        if let Some(host) = self.instances.get_mut(&instance) {
            host.volumes.retain(|held| held != id);
        }
    }

    fn associate_eip(&mut self, id: String, resource: String, now_ms: i64) {
        let Some(address) = self.eips.get_mut(&id) else {
            return;
        };
        let held = match (
            self.instances.get_mut(&resource),
            self.routers.get_mut(&resource),
        ) {
            (Some(host), _) => &mut host.eip,
            (None, Some(router)) => &mut router.eip,
            (None, None) => return,
        };
        address.head.settle(Status::Associated, now_ms);
        address.resource = resource;
        *held = id;
    }

    fn dissociate_eip(&mut self, id: &str, now_ms: i64) {
        let Some(address) = self.eips.get_mut(id) else {
            return;
        };
        if !address.head.status.is_gone() {
            address.head.settle(Status::Available, now_ms);
        }
        let resource = std::mem::take(&mut address.resource);
        if let Some(host) = self.instances.get_mut(&resource)
            && host.eip == id
        {
            host.eip.clear();
        }
        // A router may be waiting for an address that it does not have yet.
        for router in self.routers.iter_mut() {
            for held in [&mut router.eip, &mut router.wanted_eip] {
                if held == id {
                    held.clear();
                }
            }
        }
    }
}

impl Change {
    /// The resource whose transition ends with this change.
    fn subject(&self) -> Option<&str> {
        match self {
            Change::Settle { id, .. } | Change::Rest { id } => Some(id),
            Change::Attach { volume, .. }
            | Change::Detach { volume }
            | Change::Grow { volume, .. } => Some(volume),
            Change::Associate { eip, .. }
            | Change::Dissociate { eip }
            | Change::SetBandwidth { eip, .. }
            | Change::SetBillingMode { eip, .. } => Some(eip),
            Change::ApplyRouter { router, .. } => Some(router),
            Change::Resize { instance, .. } | Change::Reset { instance, .. } => Some(instance),
            Change::JoinVxnet { .. }
            | Change::LeaveVxnet { .. }
            | Change::JoinRouter { .. }
            | Change::LeaveRouter { .. }
            | Change::AttachKeyPair { .. }
            | Change::DetachKeyPair { .. }
            | Change::ApplySecurityGroup { .. }
            | Change::DeleteAccessKey { .. } => None,
        }
    }
}
