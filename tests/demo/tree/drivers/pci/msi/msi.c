// SPDX-License-Identifier: GPL-2.0
/*
 * Message signalled interrupts of PCI devices.
 */
#include <linux/export.h>
#include <linux/msi.h>
#include <linux/pci.h>

#include "msi.h"

/* One entry of the vector table; a device may have no mask bit. */
static void msix_entry_set_mask(struct msi_desc *desc, bool masked)
{
	void __iomem *ctrl = msix_entry_address(desc) + MSIX_ENTRY_CTRL;
	u32 old = desc->msix_ctrl;

	if (!desc->has_mask_bit)
		return;

	desc->msix_ctrl = masked ? old | MSIX_CTRL_MASK : old & ~MSIX_CTRL_MASK;
	if (desc->msix_ctrl != old)
		writel(desc->msix_ctrl, ctrl);
}

void msix_mask_all(struct pci_dev *dev)
{
	struct msi_desc *desc;

	for_each_msi_desc(desc, dev)
		msix_entry_set_mask(desc, true);
}

static int msix_setup_vectors(struct pci_dev *dev, int nvec)
{
	int ret = msix_setup_descs(dev, nvec);

	if (!ret)
		ret = msi_setup_irqs(dev, nvec);
	if (ret)
		msi_free_descs(dev);

	return ret;
}

/* Leaves the function without MSI-X when it fails. */
int msix_enable(struct pci_dev *dev, int nvec)
{
	int ret = msix_setup_vectors(dev, nvec);

	if (ret)
		return ret;

	msix_function_ctrl(dev, MSIX_FUNCTION_ENABLE);
	pci_intx(dev, 0);

	return 0;
}
EXPORT_SYMBOL_GPL(msix_enable);
