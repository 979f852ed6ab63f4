// SPDX-License-Identifier: GPL-2.0
/*
 * The fan behind the front panel: one register with its pulses per second.
 */
#include <linux/hwmon.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#define PANELFAN_PULSES		0x04
#define PULSES_PER_TURN		4

struct panelfan {
	void __iomem *base;
	const char *label;
};

static umode_t panelfan_is_visible(const void *data,
				   enum hwmon_sensor_types type, u32 attr,
				   int channel)
{
	return type == hwmon_fan ? 0444 : 0;
}

static int panelfan_read(struct device *dev, enum hwmon_sensor_types type,
			 u32 attr, int channel, long *val)
{
	struct panelfan *fan = dev_get_drvdata(dev);
	u32 pulses = readl(fan->base + PANELFAN_PULSES);

	*val = pulses * 60 / PULSES_PER_TURN;
	return 0;
}

static const struct hwmon_ops panelfan_ops = {
	.is_visible = panelfan_is_visible,
	.read = panelfan_read,
};

MODULE_DESCRIPTION("Fan of the front panel");
MODULE_LICENSE("GPL");
