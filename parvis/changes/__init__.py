"""What a landlord asks the office to change: address, contact, bank details, direct payment. Also the files it joins."""
